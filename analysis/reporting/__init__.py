"""From results to what people read: tables, figures, pages."""
