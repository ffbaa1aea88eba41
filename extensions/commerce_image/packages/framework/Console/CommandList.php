<?php

declare(strict_types=1);

namespace Magento\Framework\Console;

use Symfony\Component\Console\Command\Command;

/**
 * The commands of bin/magento. Modules add theirs to the argument in their etc/di.xml; all are created each time.
 */
class CommandList
{
    /**
     * @param array<string, Command> $commands
     */
    public function __construct(private readonly array $commands = [])
    {
    }

    /**
     * @return array<string, Command>
     */
    public function getCommands(): array
    {
        return $this->commands;
    }
}
