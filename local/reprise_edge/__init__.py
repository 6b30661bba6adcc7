"""The network edge on one machine: what CloudFront does for Reprise on AWS, on loopback."""
