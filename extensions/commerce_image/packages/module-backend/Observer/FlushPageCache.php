<?php

declare(strict_types=1);

namespace Magento\Backend\Observer;

use Magento\Framework\App\PageCache;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;

/**
 * Empties the page cache, whatever cache types were asked for.
 */
class FlushPageCache implements ObserverInterface
{
    public function __construct(private readonly PageCache $pageCache)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->pageCache->clean();
    }
}
