<?php

declare(strict_types=1);

namespace Magento\Integration\Model\ResourceModel;

use Magento\Framework\App\ResourceConnection;

/**
 * The table oauth_token_request_log, of which the customers' rows: failed token requests by name.
 */
class RequestLog
{
    private const USER_TYPE_CUSTOMER = 2;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function getFailures(string $userName): int
    {
        $sql = 'SELECT failures_count FROM {oauth_token_request_log} WHERE user_name = ? AND user_type = ?';
        $row = $this->resource->fetchRow($sql, [$userName, self::USER_TYPE_CUSTOMER]);

        return (int)($row['failures_count'] ?? 0);
    }

    /**
     * @param string $lockExpires UTC
     */
    public function addFailure(string $userName, string $lockExpires): void
    {
        $this->resource->query(
            'INSERT INTO {oauth_token_request_log} (user_name, user_type, failures_count, lock_expires_at)'
            . ' VALUES (?, ?, 1, ?) ON DUPLICATE KEY UPDATE'
            . ' failures_count = failures_count + 1, lock_expires_at = VALUES(lock_expires_at)',
            [$userName, self::USER_TYPE_CUSTOMER, $lockExpires],
        );
    }

    public function delete(string $userName): void
    {
        $this->resource->query(
            'DELETE FROM {oauth_token_request_log} WHERE user_name = ? AND user_type = ?',
            [$userName, self::USER_TYPE_CUSTOMER],
        );
    }

    /**
     * Of this name alone: a search through the whole table would wait for every other login, and they for it.
     *
     * @param string $now UTC
     */
    public function deleteExpired(string $userName, string $now): void
    {
        $this->resource->query(
            'DELETE FROM {oauth_token_request_log} WHERE user_name = ? AND user_type = ? AND lock_expires_at <= ?',
            [$userName, self::USER_TYPE_CUSTOMER, $now],
        );
    }
}
