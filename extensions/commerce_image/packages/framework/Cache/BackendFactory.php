<?php

declare(strict_types=1);

namespace Magento\Framework\Cache;

use InvalidArgumentException;
use Magento\Framework\Cache\Backend\FileBackend;
use Magento\Framework\Cache\Backend\Redis;
use Magento\Framework\Cache\Backend\RemoteSynchronizedCache;
use Magento\Framework\Filesystem\File;

/**
 * Makes the backend that a cache frontend of env.php asks for by the keys `backend` and `backend_options`.
 */
class BackendFactory
{
    private const FILE = 'Cm_Cache_Backend_File';

    public function __construct(private readonly File $file)
    {
    }

    /**
     * @param array<string, mixed> $options backend_options
     * @param string $directory that of a file cache which is given none
     * @throws InvalidArgumentException when no such backend is known
     */
    public function create(string $backend, array $options, string $directory, string $keyPrefix): BackendInterface
    {
        return match (ltrim($backend, '\\')) {
            '', self::FILE => new FileBackend($this->file, $options['cache_dir'] ?? $directory, $keyPrefix),
            Redis::class => new Redis($options, $keyPrefix),
            RemoteSynchronizedCache::class => new RemoteSynchronizedCache(
                $this->createLevel('remote', $options, $directory, $keyPrefix),
                $this->createLevel('local', $options, $directory, $keyPrefix),
            ),
            default => throw new InvalidArgumentException("There is no cache backend \"$backend\"."),
        };
    }

    /**
     * @param array<string, mixed> $options
     */
    private function createLevel(string $level, array $options, string $directory, string $prefix): BackendInterface
    {
        $own = (array)($options[$level . '_backend_options'] ?? []);

        return $this->create((string)($options[$level . '_backend'] ?? ''), $own, $directory, $prefix);
    }
}
