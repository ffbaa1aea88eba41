<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

/** var/log/patch.log: what was done, and when. */
final class Log
{
    public function __construct(private readonly string $file)
    {
    }

    public function info(string $message): void
    {
        $this->write('INFO', $message);
    }

    public function error(string $message): void
    {
        $this->write('ERROR', $message);
    }

    private function write(string $level, string $message): void
    {
        if (!is_dir(dirname($this->file))) {
            mkdir(dirname($this->file), recursive: true);
        }
        file_put_contents($this->file, sprintf("[%s] patch.%s: %s\n", date(DATE_ATOM), $level, $message), FILE_APPEND);
    }
}
