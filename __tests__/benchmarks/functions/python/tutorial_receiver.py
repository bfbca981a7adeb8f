# The tutorial's webhook_receiver.py of its "Complete Working Example", but for where the queue is.
import json
import boto3
import logging
import os
from datetime import datetime

sqs_client = boto3.client('sqs')
QUEUE_URL = os.environ['QUEUE_URL']
logger = logging.getLogger()
logger.setLevel(logging.INFO)

def lambda_handler(event, context):
    if event.get('httpMethod') == 'OPTIONS':
        return {
            'statusCode': 200,
            'headers': {
                'Access-Control-Allow-Origin': '*',
                'Access-Control-Allow-Methods': 'POST, OPTIONS',
                'Access-Control-Allow-Headers': 'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'
            },
            'body': ''
        }

    try:
        body_str = event.get('body', '{}')
        payload = json.loads(body_str) if isinstance(body_str, str) else body_str

        if 'webhookName' not in payload:
            return {'statusCode': 200, 'body': json.dumps({'status': 'accepted'})}

        message_body = {
            'received_at': datetime.utcnow().isoformat(),
            'webhook_id': payload.get('webhookId'),
            'webhook_name': payload.get('webhookName'),
            'payload': payload
        }

        sqs_client.send_message(
            QueueUrl=QUEUE_URL,
            MessageBody=json.dumps(message_body)
        )

    except Exception as e:
        logger.error(f"Error: {str(e)}")

    return {'statusCode': 200, 'body': json.dumps({'status': 'accepted'})}
