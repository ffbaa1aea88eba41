<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use Symfony\Component\Console\Output\ConsoleOutput;
use Symfony\Component\Console\Output\StreamOutput;

/** A console's standard output without its standard error. */
final class StandardOutput extends StreamOutput
{
    public function __construct(ConsoleOutput $console)
    {
        parent::__construct(
            $console->getStream(),
            $console->getVerbosity(),
            $console->isDecorated(),
            $console->getFormatter(),
        );
    }
}
