<?php
// Verifies a delivery of Mortise: Standard Webhooks 1.0, in PHP 8, with its own library alone.

const TOLERANCE_SECONDS = 300;

/**
 * @param string $secret as it was shown once: whsec_…
 * @param array<string, string> $headers of the request, their names in lower case
 * @param string $body as it came (file_get_contents('php://input')), before anything has parsed it
 * @return array the event
 * @throws RuntimeException where the delivery is not genuine
 */
function verify_webhook(string $secret, array $headers, string $body): array
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > TOLERANCE_SECONDS) {
        throw new RuntimeException('The timestamp is not of now.');
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret), true);
    $expected = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $signature) {
        [$version, $encoded] = array_pad(explode(',', $signature, 2), 2, '');
        if ($version === 'v1' && hash_equals($expected, $encoded)) {
            return json_decode($body, true, 512, JSON_THROW_ON_ERROR);
        }
    }
    throw new RuntimeException('No signature fits.');
}
