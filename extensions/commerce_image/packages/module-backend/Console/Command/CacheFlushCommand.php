<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Cache\Manager;
use Magento\Framework\Event\ManagerInterface as EventManagerInterface;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * Empties the storage that cache types lie in, and with it what else lies there.
 */
class CacheFlushCommand extends Command
{
    public function __construct(
        private readonly Manager $cacheManager,
        private readonly EventManagerInterface $eventManager,
        private readonly CacheTypesArgument $typesArgument,
    ) {
        parent::__construct('cache:flush');
        $this->setDescription('Flushes cache storage used by cache type(s)');
        $typesArgument->addTo($this);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $types = $this->typesArgument->read($input);
        $this->eventManager->dispatch('adminhtml_cache_flush_all');
        $this->cacheManager->flush($types);
        $output->writeln(['Flushed cache types:', ...$types]);

        return self::SUCCESS;
    }
}
