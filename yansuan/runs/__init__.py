"""What is computed once and shown: figures and labs."""
