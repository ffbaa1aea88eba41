<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use Magento\Framework\App\Cache\Manager;
use Magento\Framework\Event\ManagerInterface as EventManagerInterface;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

/**
 * Removes the entries of cache types. Its event empties the page cache, whatever types were named.
 */
class CacheCleanCommand extends Command
{
    public function __construct(
        private readonly Manager $cacheManager,
        private readonly EventManagerInterface $eventManager,
        private readonly CacheTypesArgument $typesArgument,
    ) {
        parent::__construct('cache:clean');
        $this->setDescription('Cleans cache type(s)');
        $typesArgument->addTo($this);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $types = $this->typesArgument->read($input);
        $this->eventManager->dispatch('adminhtml_cache_flush_system');
        $this->cacheManager->clean($types);
        $output->writeln(['Cleaned cache types:', ...$types]);

        return self::SUCCESS;
    }
}
