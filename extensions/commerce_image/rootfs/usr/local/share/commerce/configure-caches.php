<?php

/**
 * Writes into app/etc/env.php where the caches lie, and which HTTP caches stand before the store:
 * php configure-caches.php files|redis|two-level REDIS_HOST [HOST:PORT,...], in the root of the store
 */

declare(strict_types=1);

use Magento\Framework\App\Bootstrap;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\DeploymentConfig\Writer;

[, $kind, $redisHost, $httpCacheHosts] = $argv + [3 => ''];

require getcwd() . '/app/bootstrap.php';

// The two frontends' databases, as the vendor's setup:install has them.
$databases = ['default' => '0', 'page_cache' => '1'];
$frontends = [];
foreach ($kind === 'files' ? [] : $databases as $frontend => $database) {
    $redis = [
        'backend' => '\\Magento\\Framework\\Cache\\Backend\\Redis',
        'backend_options' => ['server' => $redisHost, 'port' => '6379', 'database' => $database, 'password' => ''],
    ];
    // The page cache is a single level on two-level stores too.
    $frontends[$frontend] = $kind === 'redis' || $frontend === 'page_cache' ? $redis : [
        'backend' => '\\Magento\\Framework\\Cache\\Backend\\RemoteSynchronizedCache',
        'backend_options' => [
            'remote_backend' => $redis['backend'],
            'remote_backend_options' => $redis['backend_options'],
            'local_backend' => 'Cm_Cache_Backend_File',
            'local_backend_options' => ['cache_dir' => BP . '/var/cache'],
        ],
    ];
}
$hosts = [];
foreach (array_filter(explode(',', $httpCacheHosts)) as $entry) {
    [$host, $port] = explode(':', $entry) + [1 => '80'];
    $hosts[] = ['host' => $host, 'port' => $port];
}
$changes = array_filter(['cache' => array_filter(['frontend' => $frontends]), 'http_cache_hosts' => $hosts]);
Bootstrap::create(BP, $_SERVER)->getObjectManager()->get(Writer::class)->merge(DeploymentConfig::ENV_FILE, $changes);
