"""The static check as a linter: files and folders in, findings out, in the form that a reader or a program wants."""
