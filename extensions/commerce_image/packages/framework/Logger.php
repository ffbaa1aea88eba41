<?php

declare(strict_types=1);

namespace Magento\Framework;

use Magento\Framework\App\Filesystem\DirectoryList;
use Throwable;

/**
 * Writes errors into var/log/exception.log: their texts and places, but no arguments, which may hold passwords.
 */
class Logger
{
    private const FILE = '/log/exception.log';

    public function __construct(private readonly DirectoryList $directoryList)
    {
    }

    public function critical(Throwable $error): void
    {
        $path = $this->directoryList->getVar() . self::FILE;
        if (!is_dir(dirname($path))) {
            @mkdir(dirname($path), 0777, true);
        }
        $line = sprintf("[%s] main.CRITICAL: %s\n", date('Y-m-d\TH:i:s.uP'), self::describe($error));
        @file_put_contents($path, $line, FILE_APPEND | LOCK_EX);
    }

    public static function describe(Throwable $error): string
    {
        return sprintf('%s: %s in %s:%d', $error::class, $error->getMessage(), $error->getFile(), $error->getLine());
    }
}
