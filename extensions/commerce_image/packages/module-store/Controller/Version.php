<?php

declare(strict_types=1);

namespace Magento\Store\Controller;

use Magento\Framework\App\ActionInterface;
use Magento\Framework\App\ProductMetadata;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;

/**
 * /magento_version: the first two numbers of the version, and the edition.
 */
class Version implements ActionInterface
{
    public function __construct(private readonly ProductMetadata $productMetadata)
    {
    }

    public function execute(Request $request): Response
    {
        $numbers = array_slice(explode('.', $this->productMetadata->getVersion()), 0, 2);

        return new Response(200, 'Magento/' . implode('.', $numbers) . " ({$this->productMetadata->getEdition()})");
    }
}
