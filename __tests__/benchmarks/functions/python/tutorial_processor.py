# The tutorial's webhook_processor.py of its "Complete Working Example", but for where the queue is, and for the
# delivery where it says "Business Logic Here": by urllib3, which comes with boto3 and keeps its connection.
import json
import boto3
import logging
import os
import urllib3

sqs = boto3.client('sqs')
QUEUE_URL = os.environ['QUEUE_URL']
logger = logging.getLogger()
logger.setLevel(logging.INFO)

destination = json.loads(os.environ['DESTINATION'])['url']
http = urllib3.PoolManager(ca_certs=os.environ.get('AWS_CA_BUNDLE'))

def lambda_handler(event, context):
    for record in event.get('Records', []):
        receipt_handle = record['receiptHandle']
        try:
            body = json.loads(record['body'])
            payload = body.get('payload', {})

            answer = http.request('POST', destination, body=json.dumps(payload), headers={'Content-Type': 'application/json'})
            if answer.status >= 300:
                raise Exception(f"The destination answered {answer.status}")

            # If success:
            sqs.delete_message(QueueUrl=QUEUE_URL, ReceiptHandle=receipt_handle)

        except Exception as e:
            logger.error(f"Processing failed: {e}")
            # Message remains in queue for retry
