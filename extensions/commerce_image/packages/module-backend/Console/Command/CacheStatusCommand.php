<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Cache\Manager;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class CacheStatusCommand extends Command
{
    public function __construct(private readonly Manager $cacheManager)
    {
        parent::__construct('cache:status');
        $this->setDescription('Checks cache status');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $output->writeln('Current status:');
        foreach ($this->cacheManager->getStatus() as $type => $isEnabled) {
            $output->writeln(sprintf('%30s: %d', $type, $isEnabled));
        }

        return self::SUCCESS;
    }
}
