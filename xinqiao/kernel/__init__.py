"""The few types everyone speaks. Small, closed and pure: no clock, no network, no framework."""
