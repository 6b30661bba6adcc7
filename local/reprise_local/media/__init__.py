"""From one file to what players stream: encoded, measured, packaged, uploaded, in the catalog.

Every step keeps its result beside a stamp of what it was made from, so that a run that was ended
goes on where it stopped. Nothing is uploaded before all of it is there, and the catalog names it
last, in one transaction.
"""
