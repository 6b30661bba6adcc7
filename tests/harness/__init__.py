"""What tests of every tier share: where the servers are, and how tests are kept off the network."""
