<?php

declare(strict_types=1);

namespace Magento\Framework\Cache\Backend;

use Magento\Framework\Cache\BackendInterface;
use Magento\Framework\Exception\FileSystemException;
use Magento\Framework\Filesystem\File;

/**
 * A file for each entry: the first line holds its tags, the rest is its content.
 */
class FileBackend implements BackendInterface
{
    private const FILE_PREFIX = 'mage---';

    /**
     * @param string $keyPrefix tells this store's entries from those of others in the same directory
     */
    public function __construct(
        private readonly File $file,
        private readonly string $directory,
        private readonly string $keyPrefix,
    ) {
    }

    public function load(string $id): ?string
    {
        $content = @file_get_contents($this->getPath($id));

        return $content === false ? null : substr($content, strpos($content, "\n") + 1);
    }

    public function save(string $id, string $content, array $tags): void
    {
        try {
            $this->file->write($this->getPath($id), implode(' ', $tags) . "\n" . $content);
        } catch (FileSystemException) {
            // Somebody removed the directory in this moment, or it may not be written: the store is slower, not down.
        }
    }

    public function remove(string $id): void
    {
        @unlink($this->getPath($id));
    }

    public function cleanTag(string $tag): void
    {
        foreach (glob($this->directory . '/*/' . self::FILE_PREFIX . $this->keyPrefix . '*') ?: [] as $path) {
            $handle = @fopen($path, 'rb');
            $tags = $handle === false ? '' : (string)fgets($handle);
            if (in_array($tag, explode(' ', rtrim($tags, "\n")), true)) {
                @unlink($path);
            }
        }
    }

    public function cleanAll(): void
    {
        foreach (glob($this->directory . '/*/' . self::FILE_PREFIX . '*') ?: [] as $path) {
            @unlink($path);
        }
    }

    private function getPath(string $id): string
    {
        $name = self::FILE_PREFIX . $this->keyPrefix . preg_replace('/\W/', '_', $id);

        return $this->directory . '/mage--' . substr(md5($name), 0, 1) . '/' . $name;
    }
}
