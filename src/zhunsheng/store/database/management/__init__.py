"""Commands of the framework that must mind the trail."""
