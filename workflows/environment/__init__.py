"""What a model declares that it needs: read, held against what a box has, and resolved and installed in the builder."""
