<?php

declare(strict_types=1);

namespace Magento\Framework\Setup;

use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Config\SettingsWriter;
use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\DeploymentConfig\Writer;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\App\State;
use Magento\Framework\Module\ModuleSequence;

/**
 * Makes a store of the files: app/etc/env.php, app/etc/config.php and the database.
 */
class Installer
{
    /** Option => setting. */
    private const SETTINGS = [
        'base-url' => 'web/unsecure/base_url',
        'base-url-secure' => 'web/secure/base_url',
        'currency' => 'currency/options/base',
        'language' => 'general/locale/code',
        'timezone' => 'general/locale/timezone',
        'use-rewrites' => 'web/seo/use_rewrites',
        'use-secure' => 'web/secure/use_in_frontend',
    ];
    private const DO_NOT_VERIFY_SERVER = [\PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => false];
    private const CACHE_PREFIX_LENGTH = 3;

    public function __construct(
        private readonly Writer $writer,
        private readonly DeploymentConfig $deploymentConfig,
        private readonly ModuleSequence $moduleSequence,
        private readonly Schema $schema,
        private readonly SettingsWriter $settingsWriter,
        private readonly DirectoryList $directoryList,
    ) {
    }

    /**
     * What env.php already says stands where an option is missing.
     *
     * @param array<string, string|null> $options of setup:install, without their dashes; null when not given
     */
    public function install(array $options): void
    {
        $this->writer->merge(DeploymentConfig::ENV_FILE, $this->createEnv($options));
        $this->enableNewModules();
        $this->schema->create();
        $this->schema->fill();
        foreach (array_intersect_key(self::SETTINGS, array_filter($options, is_string(...))) as $option => $path) {
            $this->settingsWriter->save($path, $options[$option]);
        }
    }

    /**
     * Brings the database to the state of the code.
     */
    public function upgrade(): void
    {
        $this->enableNewModules();
        $this->schema->create();
    }

    /**
     * Modules that config.php does not know yet are enabled; all are put into the order of their dependencies.
     */
    private function enableNewModules(): void
    {
        $config = $this->deploymentConfig->readFile(DeploymentConfig::CONFIG_FILE);
        $modules = array_fill_keys($this->moduleSequence->getSortedNames(), 1);
        $config['modules'] = array_replace($modules, array_intersect_key($config['modules'] ?? [], $modules));
        $this->writer->write(DeploymentConfig::CONFIG_FILE, $config);
    }

    /**
     * @param array<string, string|null> $options
     * @return array<string, mixed>
     */
    private function createEnv(array $options): array
    {
        $database = 'db/connection/default';
        $prefix = $options['cache-id-prefix'] ?? $this->createCachePrefix();

        return [
            'backend' => ['frontName' => $options['backend-frontname'] ?? $this->get('backend/frontName', 'admin')],
            'cache' => ['frontend' => [
                'default' => ['id_prefix' => $prefix],
                'page_cache' => ['id_prefix' => $prefix],
            ]],
            'crypt' => ['key' => $options['key'] ?? $this->get('crypt/key', bin2hex(random_bytes(16)))],
            'db' => [
                'table_prefix' => $options['db-prefix'] ?? $this->get('db/table_prefix', ''),
                'connection' => ['default' => [
                    'host' => $options['db-host'] ?? $this->get("$database/host", 'localhost'),
                    'dbname' => $options['db-name'] ?? $this->get("$database/dbname", 'magento2'),
                    'username' => $options['db-user'] ?? $this->get("$database/username", 'root'),
                    'password' => $options['db-password'] ?? $this->get("$database/password", ''),
                    'model' => 'mysql4',
                    'engine' => 'innodb',
                    'initStatements' => 'SET NAMES utf8;',
                    'active' => '1',
                    'driver_options' => self::DO_NOT_VERIFY_SERVER,
                ]],
            ],
            'resource' => ['default_setup' => ['connection' => 'default']],
            'x-frame-options' => 'SAMEORIGIN',
            State::MODE_KEY => $this->get(State::MODE_KEY, State::MODE_DEFAULT),
            'session' => ['save' => $options['session-save'] ?? 'files'],
            'cache_types' => array_fill_keys(TypeList::NAMES, 1),
            'install' => ['date' => gmdate(DATE_RFC2822)],
        ];
    }

    /**
     * That of the file itself: what the environment says does not belong into it.
     */
    private function get(string $path, string $default): string
    {
        $value = $this->deploymentConfig->readFile(DeploymentConfig::ENV_FILE);
        foreach (explode('/', $path) as $key) {
            $value = $value[$key] ?? null;
        }

        return $value ?? $default;
    }

    private function createCachePrefix(): string
    {
        return substr(hash('sha256', $this->directoryList->getRoot()), 0, self::CACHE_PREFIX_LENGTH) . '_';
    }
}
