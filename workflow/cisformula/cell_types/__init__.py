"""Which motif acts in which cell type: effects and their tests, activities, specificity, and a second opinion."""
