"""What an upload is: its RDF, its facts, its files, and the copies that the other boxes get."""
