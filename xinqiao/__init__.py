"""Xinqiao 信桥: what a city knows about a business, made usable to the banks the business allows."""
