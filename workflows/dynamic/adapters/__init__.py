"""What runs the weight formats that bioimageio.core 0.11 does not run rightly: one file each."""
