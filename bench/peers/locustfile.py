"""Locust: users who ask for / again and again, all together at RATE requests/s if that is set."""
import os

from locust import FastHttpUser, constant, constant_throughput, task

RATE = float(os.environ.get("RATE", "0"))
USERS = int(os.environ["USERS"])


class Reader(FastHttpUser):
    wait_time = constant_throughput(RATE / USERS) if RATE else constant(0)

    @task
    def read(self):
        self.client.get("/")
