"""Expression from ENCODE: a sheet of samples, the files of the portal, and the matrix made of them."""
