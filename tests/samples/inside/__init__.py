"""Programs that run inside the images, each alone and handed over as text: nothing here is imported."""
