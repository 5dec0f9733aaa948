"""From indicator definitions to a plan of counts and sums, partial states and their merge, figures with lineage. Pure."""
