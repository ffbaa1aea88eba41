<?php

declare(strict_types=1);

namespace Magento\Backend\Observer;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Logger;
use RuntimeException;

/**
 * Tells the HTTP caches of env.php's http_cache_hosts to forget everything.
 */
class PurgeHttpCaches implements ObserverInterface
{
    private const DEFAULT_PORT = 80;
    private const TIMEOUT_SECONDS = 5.0;
    private const REQUEST = "PURGE / HTTP/1.1\r\nHost: %s\r\nX-Magento-Tags-Pattern: .*\r\nConnection: close\r\n\r\n";

    public function __construct(
        private readonly DeploymentConfig $deploymentConfig,
        private readonly Logger $logger,
    ) {
    }

    public function execute(Observer $observer): void
    {
        foreach ((array)$this->deploymentConfig->get('http_cache_hosts', []) as $server) {
            $this->purge((string)$server['host'], (int)($server['port'] ?? self::DEFAULT_PORT));
        }
    }

    /**
     * A cache that does not answer is logged: the store's own command goes on.
     */
    private function purge(string $host, int $port): void
    {
        $connection = @fsockopen($host, $port, $number, $reason, self::TIMEOUT_SECONDS);
        if ($connection === false) {
            $this->logger->critical(new RuntimeException("The HTTP cache $host:$port cannot be purged: $reason"));

            return;
        }
        fwrite($connection, sprintf(self::REQUEST, $host));
        stream_get_contents($connection);
        fclose($connection);
    }
}
