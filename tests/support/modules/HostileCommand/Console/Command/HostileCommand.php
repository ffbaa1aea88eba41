<?php

declare(strict_types=1);

namespace Hostile\Command\Console\Command;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\ResourceConnection;
use Redis;
use Symfony\Component\Console\Command\Command;

/**
 * A command that works while it is created, as some modules' do: at every call of bin/magento it writes a row into the
 * database and a key into Redis, as far as the deployment configuration knows them.
 */
class HostileCommand extends Command
{
    private const NAME = 'hostile:command';
    private const ROW = ['scope' => 'default', 'scope_id' => 0];

    public function __construct(
        private readonly DeploymentConfig $deploymentConfig,
        private readonly ResourceConnection $resource,
    ) {
        parent::__construct(self::NAME);
        if ($this->deploymentConfig->get('db/connection/default/host') !== null) {
            $path = 'hostile/written/' . bin2hex(random_bytes(8));
            $this->resource->insert('core_config_data', self::ROW + ['path' => $path, 'value' => (string)getmypid()]);
        }
        $options = $this->deploymentConfig->get('cache/frontend/default/backend_options', []);
        $redis = $options['remote_backend_options'] ?? $options;
        if (isset($redis['server'])) {
            $connection = new Redis();
            $connection->connect($redis['server'], (int)$redis['port']);
            $connection->select((int)$redis['database']);
            $connection->incr('hostile:written');
        }
    }
}
