"""One module for each app whose files Tideline reads. Each refuses whatever it does not recognise."""
