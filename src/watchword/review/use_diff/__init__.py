"""What a side changes for consumers whose requests were recorded."""
