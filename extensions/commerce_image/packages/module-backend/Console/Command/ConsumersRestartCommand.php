<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\ResourceConnection;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * Puts a poison pill that the message queue's consumers have not swallowed yet: each ends when it sees it.
 */
class ConsumersRestartCommand extends Command
{
    public function __construct(private readonly ResourceConnection $resource)
    {
        parent::__construct('queue:consumers:restart');
        $this->setDescription('Restart MessageQueue consumers');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $this->resource->query('DELETE FROM {queue_poison_pill}');
        $this->resource->insert('queue_poison_pill', ['version' => bin2hex(random_bytes(16))]);

        return self::SUCCESS;
    }
}
