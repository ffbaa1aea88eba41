<?php

declare(strict_types=1);

namespace Magento\Store\Controller;

use Magento\Framework\App\ActionInterface;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;
use Magento\Store\Model\StoreManager;

/**
 * The home page, which everybody may be given from the page cache.
 */
class Home implements ActionInterface
{
    public function __construct(private readonly StoreManager $storeManager)
    {
    }

    public function execute(Request $request): Response
    {
        $name = htmlspecialchars($this->storeManager->getStore()->name);

        return Response::html(200, 'Home page', "<p>Welcome to $name.</p>", isCacheable: true);
    }
}
