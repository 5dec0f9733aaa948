"""A site with one more page and one more kind of job, to be killed under load by `site_killing`."""
