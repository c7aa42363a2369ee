"""接口: for institutions' programs and whoever checks us. Reads the request, calls one verb, hands on its answer."""
