<?php

declare(strict_types=1);

namespace Magento\GraphQl\Resolver;

use Magento\Store\Model\BaseUrl;
use Magento\Store\Model\StoreManager;

/**
 * The store view of this request.
 */
class StoreConfig implements ResolverInterface
{
    public function __construct(
        private readonly StoreManager $storeManager,
        private readonly BaseUrl $baseUrl,
    ) {
    }

    public function resolve(array $arguments): ?array
    {
        $store = $this->storeManager->getStore();

        return [
            'store_code' => $store->code,
            'store_name' => $store->name,
            'website_code' => $store->websiteCode,
            'base_url' => $this->baseUrl->getUnsecure($store),
            'secure_base_url' => $this->baseUrl->getSecure($store),
        ];
    }
}
