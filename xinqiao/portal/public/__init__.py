"""For everybody: no sign-in, nothing about any business."""
