"""A WSGI application for gunicorn: each request holds its worker or thread for 8 ms."""
import time

BODY = b"ok"


def application(environ, start_response):
    time.sleep(0.008)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
