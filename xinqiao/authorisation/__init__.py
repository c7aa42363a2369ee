"""授权: what a business allows, to which institution, for what and until when; and who may speak for the business."""
