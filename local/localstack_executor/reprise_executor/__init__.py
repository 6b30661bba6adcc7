"""Lambda functions as plain processes under LocalStack, so that no Docker is needed.

One execution environment is a folder, a loopback port that speaks the AWS Lambda Runtime API,
and one `python -m awslambdaric <handler>` process. Only `executor.py` and `plugin.py` import
LocalStack; the rest is standard library and is tested without it. How to install and start it
is in the folder's README.
"""
