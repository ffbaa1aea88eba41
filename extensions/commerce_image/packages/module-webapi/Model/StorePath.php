<?php

declare(strict_types=1);

namespace Magento\Webapi\Model;

use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Store\Model\StoreManager;

/**
 * A web API's path may begin with the code of the store view that is meant, or with `all`.
 */
class StorePath
{
    private const ALL = 'all';
    private const ADMIN = 'admin';

    public function __construct(private readonly StoreManager $storeManager)
    {
    }

    /**
     * Makes that store view the current one.
     *
     * @return string the path behind it; the whole path when it names none that exists
     */
    public function enter(string $path): string
    {
        [$code, $rest] = explode('/', $path, 2) + [1 => ''];
        try {
            $this->storeManager->setCurrentStore($code === self::ALL ? self::ADMIN : $code);
        } catch (NoSuchEntityException) {
            return $path;
        }

        return $rest;
    }
}
