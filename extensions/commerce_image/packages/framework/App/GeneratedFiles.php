<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Exception\FileSystemException;
use Magento\Framework\Filesystem\File;

/**
 * What the application writes of its own code and wiring, and when that has to go.
 */
class GeneratedFiles
{
    private const REGENERATE_FLAG = '/.regenerate';

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly File $file,
    ) {
    }

    /**
     * Composer has replaced code: what was generated from the old one goes, and var/cache with it.
     *
     * @throws FileSystemException
     */
    public function cleanIfAsked(): void
    {
        $flag = $this->directoryList->getVar() . self::REGENERATE_FLAG;
        if (is_file($flag)) {
            $this->clean();
            $this->file->deleteDirectory($this->directoryList->getVar() . '/cache');
            @unlink($flag);
        }
    }

    /**
     * @throws FileSystemException
     */
    public function clean(): void
    {
        $this->file->deleteDirectory($this->directoryList->getGeneratedCode());
        $this->file->deleteDirectory($this->directoryList->getMetadata());
    }
}
