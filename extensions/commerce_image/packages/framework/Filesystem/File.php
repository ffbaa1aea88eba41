<?php

declare(strict_types=1);

namespace Magento\Framework\Filesystem;

use Magento\Framework\Exception\FileSystemException;

/**
 * Files and directories: written whole or not at all, removed with everything in them.
 */
class File
{
    /**
     * Other processes see the old file or the new one, never a part of it.
     *
     * @throws FileSystemException
     */
    public function write(string $path, string $content): void
    {
        $this->createDirectory(dirname($path));
        $temporary = $path . '.' . bin2hex(random_bytes(6));
        if (@file_put_contents($temporary, $content) === false || !@rename($temporary, $path)) {
            @unlink($temporary);
            throw new FileSystemException('The file "%1" cannot be written.', [$path]);
        }
    }

    /**
     * @throws FileSystemException
     */
    public function createDirectory(string $path): void
    {
        if (!is_dir($path) && !@mkdir($path, 0777, true) && !is_dir($path)) {
            throw new FileSystemException('The directory "%1" cannot be created.', [$path]);
        }
    }

    /**
     * A request that writes into the directory meanwhile makes this fail, as it does on a live store.
     *
     * @throws FileSystemException
     */
    public function deleteDirectory(string $path): void
    {
        if (!is_dir($path)) {
            return;
        }
        foreach (array_diff(scandir($path) ?: [], ['.', '..']) as $name) {
            $entry = "$path/$name";
            if (is_dir($entry) && !is_link($entry)) {
                $this->deleteDirectory($entry);
            } else {
                @unlink($entry);
            }
        }
        error_clear_last();
        if (!@rmdir($path) && is_dir($path)) {
            $warning = error_get_last()['message'] ?? '';
            throw new FileSystemException(
                'The directory "%1" cannot be deleted. %2',
                [$path, "Warning!$warning"],
            );
        }
    }
}
