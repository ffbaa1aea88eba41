<?php

declare(strict_types=1);

namespace Magento\Store\Model;

use Magento\Framework\Exception\NoSuchEntityException;

/**
 * The store view that this request is for.
 */
class StoreManager
{
    private ?Store $current = null;

    public function __construct(private readonly StoreRepository $storeRepository)
    {
    }

    public function getStore(): Store
    {
        return $this->current ??= $this->storeRepository->getDefault();
    }

    /**
     * @throws NoSuchEntityException
     */
    public function setCurrentStore(string $code): void
    {
        $this->current = $this->storeRepository->get($code);
    }

    /**
     * The store view that customers belong to: admin has none, so it stands for the default one.
     */
    public function getCustomerStore(): Store
    {
        $store = $this->getStore();

        return $store->id === Store::ADMIN_ID ? $this->storeRepository->getDefault() : $store;
    }
}
