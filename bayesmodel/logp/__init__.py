"""The model's log density as compiled code, with areas' own effects integrated out by quadrature."""
