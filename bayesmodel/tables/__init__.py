"""Tables out: the columns of results, per area and per level, with a codebook; files, a workbook, a folder."""
