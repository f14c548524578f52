"""What is the area's own: integrated out of the density by quadrature, and drawn again from its exact conditional."""
